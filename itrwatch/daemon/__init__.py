"""When a folder is done: watching, quiet time, retries, and the service around them."""
