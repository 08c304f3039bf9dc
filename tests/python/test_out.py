"""Out: what Cairn saved goes on training in Python: the same losses, for every model and optimizer."""
import torch
from torch import nn

import peer

MODELS = {
    "mlp": {"type": "MLP", "hidden": [12, 8], "activation": "Tanh", "dropout": 0.2},
    "cnn": {"type": "CNN", "channels": [4, 6], "hidden": 12, "batch_norm": True, "dropout": 0.1},
    "transformer": {"type": "Transformer", "layers": 2, "heads": 2, "width": 16, "dropout": 0.1},
}
OPTIMIZERS = {
    "sgd": ({"type": "SGD", "lr": 0.05}, torch.optim.SGD),
    "nesterov": ({"type": "SGD", "lr": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.001}, torch.optim.SGD),
    "adam": ({"type": "Adam", "lr": 0.005, "weight_decay": 0.001}, torch.optim.Adam),
    "amsgrad": ({"type": "Adam", "lr": 0.005, "amsgrad": True}, torch.optim.Adam),
    "adamw": ({"type": "AdamW", "lr": 0.005, "betas": [0.8, 0.99]}, torch.optim.AdamW),
}
SCHEDULES = {
    "sgd": ({"type": "StepLR", "step_size": 1, "gamma": 0.5}, lambda o: torch.optim.lr_scheduler.StepLR(o, 1, 0.5)),
    "adamw": ({"type": "CosineAnnealingLR", "T_max": 5}, lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 5)),
    "adam": ({"type": "ExponentialLR", "gamma": 0.7}, lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.7)),
    "nesterov": ({"type": "ReduceLROnPlateau", "factor": 0.3, "patience": 0, "threshold": 0.9, "threshold_mode": "abs"},
                 lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.3, patience=0, threshold=0.9, threshold_mode="abs")),
    # The warm-up is over when Python takes over.
    "amsgrad": ({"type": "StepLR", "step_size": 1, "gamma": 0.5, "warmup_steps": 4}, lambda o: torch.optim.lr_scheduler.StepLR(o, 1, 0.5)),
}
SAVED_AT, STEPS = 5, 11


class Out(peer.PeerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.images, cls.labels), cls.pixels, cls.classes = peer.image_data(cls.folder, 60, 10)
        (cls.folder / "text.txt").write_bytes((peer.EXAMPLES / "sonnets.txt").read_bytes()[: 16 * 24 + 1])

    def data(self, model):
        if model == "mlp":
            return {"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species"}, 40
        if model == "cnn":
            return {"format": "idx", "images": self.images, "labels": self.labels}, 16
        return {"format": "text", "path": self.path("text.txt"), "block_size": 16}, 8

    def batches(self, model, script, size):
        """Inputs and targets of an epoch, in the file's order."""
        if model == "mlp":
            rows = (peer.EXAMPLES / "iris.csv").read_text().split()[1:]
            inputs = script.normalize(script.read_input(peer.EXAMPLES / "iris.csv"))
            targets = torch.tensor([script.CLASSES.index(row.split(",")[-1]) for row in rows])
        elif model == "cnn":
            inputs, targets = script.normalize(script.read_input(self.images)), self.classes.long()
        else:
            data = torch.tensor(list((self.folder / "text.txt").read_bytes()))
            inputs, targets = data[:-1].view(-1, 16), data[1:].view(-1, 16)
        return list(zip(inputs.split(size), targets.split(size)))

    def python_losses(self, checkpoint, model, optimizer, scheduler, batches):
        model.load_state_dict(checkpoint["model_state_dict"])
        optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
        if scheduler:
            scheduler.load_state_dict(checkpoint["lr_scheduler_state_dict"])
        torch.set_rng_state(checkpoint["rng_state"]["cpu"])
        model.train()
        losses, meter = {}, dict(checkpoint["cairn"]["meters"]["train/loss"])
        for step in range(checkpoint["step"] + 1, STEPS + 1):
            x, y = batches[(step - 1) % len(batches)]
            optimizer.zero_grad()
            output = model(x)
            loss = nn.functional.cross_entropy(output.flatten(0, -2), y.flatten())
            loss.backward()
            optimizer.step()
            losses[step] = loss.item()
            meter = {"sum": meter["sum"] + loss.item() * len(x), "count": meter["count"] + len(x)}
            if step % len(batches) == 0:
                self.end_epoch(scheduler, meter["sum"] / meter["count"])
                meter = {"sum": 0, "count": 0}
        return losses

    @staticmethod
    def end_epoch(scheduler, mean):
        """As Cairn does without validation: a plateau is one of the epoch's mean loss."""
        if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
            scheduler.step(mean)
        elif scheduler:
            scheduler.step()

    def check(self, model_name, optimizer_name):
        name = f"{model_name}-{optimizer_name}"
        data, batch = self.data(model_name)
        options, make = OPTIMIZERS[optimizer_name]
        schedule = SCHEDULES.get(optimizer_name)
        parts = {"lr_scheduler": schedule[0]} if schedule else {}
        spec = self.spec(name, data={**data, "shuffle": False}, model=MODELS[model_name], loss="CrossEntropyLoss",
                         optimizer=options, training={"epochs": 9, "batch_size": batch, "seed": 3, "device": "cpu", "threads": 1},
                         checkpoints={"keep_last": 0}, **parts)
        self.run_ctl("train", spec, "--max-steps", SAVED_AT)
        newest = self.json("show", f"{name}@latest")
        self.assertEqual(newest["step"], SAVED_AT)
        self.run_ctl("resume", name, "--max-steps", STEPS)

        script_path = self.folder / f"{model_name}.py"
        if not script_path.exists():
            self.run_ctl("export", f"{name}@{SAVED_AT}", script_path)
        script = self.module(script_path)
        model = script.Model()
        arguments = {key: value for key, value in options.items() if key != "type"}
        optimizer = make(model.parameters(), **arguments)
        scheduler = schedule[1](optimizer) if schedule else None
        checkpoint = peer.load(newest["path"])
        self.assertEqual(list(model.state_dict()), list(checkpoint["model_state_dict"]))
        theirs = self.python_losses(checkpoint, model, optimizer, scheduler, self.batches(model_name, script, batch))
        ours = self.losses(name, after=SAVED_AT)
        self.assertEqual(list(ours), list(theirs))
        self.assertClose(list(ours.values()), list(theirs.values()), 1e-5, name)
        # The first depends on the weights and the random state alone: on the same LibTorch it is the same bit for bit.
        if peer.OLD_TORCH:
            self.assertEqual(ours[SAVED_AT + 1], theirs[SAVED_AT + 1], name)

    def test_every_model_and_optimizer(self):
        for model in MODELS:
            for optimizer in OPTIMIZERS:
                with self.subTest(model=model, optimizer=optimizer):
                    self.check(model, optimizer)


if __name__ == "__main__":
    peer.main()
