"""The processing of a case: from a folder at rest to a published set or a note."""
