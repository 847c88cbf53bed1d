"""Scans opened: a file's pages counted, each page decoded completely or refused in Portuguese.

`opening` is the door; `plain_file` and `values` can be had without the readers behind it.
"""
