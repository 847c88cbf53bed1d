"""Where a case lies: inbox, outbox, atomic publication, locks and mounts."""
