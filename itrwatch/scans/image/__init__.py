"""Pictures: TIFF, JPEG and PNG, whole or refused."""
