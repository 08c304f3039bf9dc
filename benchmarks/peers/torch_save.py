"""The peer of row 3: how long torch.save of a state holds a training loop up. usage: torch_save.py FOLDER BYTES TIMES"""

import json
import os
import statistics
import sys
import time

import torch


def main():
    folder, size, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    width = int((size / 12) ** 0.5)  # parameters and Adam's two moments, of four bytes each
    model = torch.nn.Linear(width, width, bias=False)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, width)).sum().backward()
    optimizer.step()
    path = os.path.join(folder, "peer.pt")
    seconds = []
    for step in range(times):
        begin = time.perf_counter()
        torch.save({"step": step, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict()}, path)
        seconds.append(time.perf_counter() - begin)
        os.unlink(path)
    print(json.dumps({"seconds": statistics.median(seconds)}))


if __name__ == "__main__":
    main()
