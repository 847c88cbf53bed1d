"""The documents that are made from the code: ``python -m docs`` writes them anew; tests hold that nobody forgot."""
