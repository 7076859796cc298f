"""k-means of scikit-learn and FAISS, from the same start, for as many iterations: one JSON object a library.

kmeans_peer.py FOLDER WIDTH CLUSTERS ITERATIONS THREADS   (points.f32 and start.f32 lie in FOLDER)
kmeans_peer.py FOLDER                                     (writes scikit-learn's own data there, with the inertia it finds)
"""
import json
import os
import sys
import time
import warnings

if len(sys.argv) > 2:
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[5]
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, make_blobs

warnings.filterwarnings("ignore")


def report(**row):
    print(json.dumps(row), flush=True)


def race(folder, width, clusters, iterations, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    x = np.fromfile(os.path.join(folder, "points.f32"), dtype=np.float32).reshape(-1, width)
    start = np.fromfile(os.path.join(folder, "start.f32"), dtype=np.float32).reshape(clusters, width)

    began = time.perf_counter()
    found = KMeans(clusters, init=start, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd").fit(x)
    report(name="scikit-learn", ms=(time.perf_counter() - began) * 1000, inertia=float(found.inertia_), iterations=int(found.n_iter_))

    began = time.perf_counter()
    means = faiss.Kmeans(width, clusters, niter=iterations, nredo=1, max_points_per_centroid=len(x), verbose=False)
    means.train(x, init_centroids=start)
    report(name="FAISS", ms=(time.perf_counter() - began) * 1000, inertia=float(means.obj[-1]), iterations=len(means.obj))


def write_data(folder):
    blobs, _ = make_blobs(20_000, 16, centers=30, cluster_std=2.0, random_state=1)
    for name, x, clusters in (("blobs", blobs, 30), ("digits", load_digits().data, 10)):
        x = np.ascontiguousarray(x, dtype=np.float32)
        x.tofile(os.path.join(folder, name + ".f32"))
        found = KMeans(clusters, n_init=10, random_state=1).fit(x)
        report(name=name, width=x.shape[1], clusters=clusters, inertia=float(found.inertia_))


if len(sys.argv) > 2:
    race(sys.argv[1], *map(int, sys.argv[2:6]))
else:
    write_data(sys.argv[1])
