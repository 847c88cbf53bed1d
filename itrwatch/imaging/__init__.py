"""Pixels in, facts and coded layers out; knows no files and no PDF."""

import os

# Pages are spread over processes; threads within one only get in each other's way. Those of NumPy's linear algebra
# wait by turning round, which doubled the time of a page with a stamp. It reads this once, when it is first loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import cv2

cv2.setNumThreads(1)
