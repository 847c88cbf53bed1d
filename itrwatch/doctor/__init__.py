"""The examination of an installation: probes that report, and never raise for what they find broken."""
