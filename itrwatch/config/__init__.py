"""The settings: every key of config.yaml and how it is read."""
