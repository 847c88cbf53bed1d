"""Pixels in, facts and coded layers out; knows no files and no PDF."""

import cv2

cv2.setNumThreads(1)  # pages are spread over processes; threads within one only get in each other's way
