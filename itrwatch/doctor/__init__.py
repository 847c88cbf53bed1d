"""Examines an installation: the probes report faults and do not raise for them."""
