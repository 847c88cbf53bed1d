"""The settings: the keys of config.yaml and their readers."""
