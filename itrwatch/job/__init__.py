"""What is done with a case: from a folder at rest to a published set or a note."""
