"""The peers of row 6: what it costs Python to append a value to a list, to write it with a CSV logger, and to give it to
TensorBoard's SummaryWriter where that is installed. usage: log_values.py VALUES"""

import csv
import json
import sys
import tempfile
import time


def nanoseconds(values, log):
    begin = time.perf_counter()
    for step in range(values):
        log(step, 1.0 / (step + 1))
    return (time.perf_counter() - begin) * 1e9 / values


def tensorboard(values):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        return nanoseconds(values, lambda step, value: writer.add_scalar("train/loss", value, step))


def main():
    values = int(sys.argv[1])
    kept = []
    with tempfile.TemporaryFile("w", newline="") as file:
        writer = csv.writer(file)
        result = {
            "list_append": nanoseconds(values, lambda step, value: kept.append(value)),
            "csv_logger": nanoseconds(values, lambda step, value: writer.writerow(["train/loss", step, value])),
            "tensorboard": tensorboard(values // 10),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
