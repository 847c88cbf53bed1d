"""The documents about a case for people: report, note, panel."""
