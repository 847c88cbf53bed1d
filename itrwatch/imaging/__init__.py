"""Pixels in, facts and coded layers out; knows no files and no PDF."""
