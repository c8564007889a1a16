"""From where a learner connected, only where a funder demands it, and never readable in the database."""
