"""When a folder is processed: watching, quiet time, retries, and the service around them."""
