"""The language of ``processo.yaml``: text → values, all faults at once, each with its line and correction."""
