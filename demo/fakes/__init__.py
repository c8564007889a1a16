"""Stand-ins for outside services, faithful to what is known of them; the standard library alone."""
