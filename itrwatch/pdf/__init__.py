"""Writes PDF/A and verifies the written files."""
