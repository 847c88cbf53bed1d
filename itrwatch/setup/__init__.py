"""Prepares a machine: the questions, files and services of `itrwatch setup`."""
