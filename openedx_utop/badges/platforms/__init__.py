"""Badge platforms outside this installation, that our badges are sent on to."""
