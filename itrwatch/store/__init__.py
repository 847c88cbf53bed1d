"""Storage of cases: inbox, outbox, atomic publication, locks and mounts."""
