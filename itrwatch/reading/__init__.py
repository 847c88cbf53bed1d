"""Offline text recognition: page → words with their boxes, for the text layer and for checks of the words."""
