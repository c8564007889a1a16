"""What a person confirms of a learner, where a badge or a certificate waits for it."""
