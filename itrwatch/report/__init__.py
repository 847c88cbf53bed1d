"""What a person reads of a case: report, note, panel."""
