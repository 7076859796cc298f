"""k-means of scikit-learn: points, and how small a sum of squared distances to the centroids it finds."""
import sklearn.cluster
import torch


def fit(points, clusters):
    """The lowest inertia of ten starts, and the one that the first points as centroids lead to."""
    x = points.to(torch.float64).numpy()
    best = sklearn.cluster.KMeans(clusters, n_init=10, random_state=1).fit(x)
    same = sklearn.cluster.KMeans(clusters, init=x[:clusters], n_init=1, max_iter=1000, tol=0, algorithm="lloyd").fit(x)
    return {"points": points}, {"clusters": str(clusters), "inertia": repr(float(best.inertia_)), "inertiaFromFirstPoints": repr(float(same.inertia_))}


def blobs():
    """1,500 points of 8 numbers around 12 centres, some of which overlap."""
    centres = 8 * torch.rand(12, 8) - 4
    return fit(centres[torch.randint(12, (1500,))] + torch.randn(1500, 8), 12)


def digits():
    """500 pictures of 8 x 8 pixels from 0 to 16, like written digits: ten drawings of a few strokes, blurred, each time a little other."""
    strokes = (torch.rand(10, 1, 8, 8) < 0.35).float()
    drawings = torch.nn.functional.avg_pool2d(strokes, 3, stride=1, padding=1).reshape(10, 64)
    drawings = 16 * drawings / drawings.amax(dim=1, keepdim=True)
    written = drawings[torch.randint(10, (500,))] * (0.6 + 0.4 * torch.rand(500, 1)) + 2.5 * torch.randn(500, 64)
    return fit(written.round().clamp(0, 16), 10)


CASES = {"kmeans-blobs": blobs, "kmeans-digits": digits}
