"""itrwatch: from scanned ITR case files to the PDFs that e-CAC takes."""

__version__ = "0.1.0"
