"""Worker processes: code that opens scans or computes on pages runs here, under limits, and may crash safely."""
