"""What is handed out: the wheel, the Debian package and their lists of contents (SBOM); ``python -m release`` makes them."""
