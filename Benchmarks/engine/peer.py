"""One workload of one peer in a process of its own; one JSON object on standard output."""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time

import torch

from laps import laps
from shapes import GROUPS, SHAPES, SIZES


def model(shape):
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
    torch.manual_seed(0)
    sizes = dict(SHAPES[shape], tie_word_embeddings=True, max_position_embeddings=2048, bos_token_id=None,
                 eos_token_id=None, pad_token_id=0)
    if shape == "half-b":
        return Qwen2ForCausalLM(Qwen2Config(**sizes)).float()
    return LlamaForCausalLM(LlamaConfig(**sizes)).float()


def generate(shape, repetitions):
    """transformers.generate, plain sampling."""
    batch, prompt, new = SIZES[shape]
    network = model(shape).eval()
    ids = torch.randint(1, SHAPES[shape]["vocab_size"], (batch, prompt))
    mask = torch.ones_like(ids)

    def work():
        with torch.inference_mode():
            out = network.generate(ids, attention_mask=mask, do_sample=True, temperature=1.0, top_k=0, top_p=1.0,
                                   min_new_tokens=new, max_new_tokens=new)
        assert out.shape[1] == prompt + new

    return batch * new, laps(repetitions, work)


def loop(shape, repetitions):
    """A decode loop by hand over transformers' model: no processors, no stopping rules."""
    from transformers import DynamicCache
    batch, prompt, new = SIZES[shape]
    network = model(shape).eval()
    ids = torch.randint(1, SHAPES[shape]["vocab_size"], (batch, prompt))

    def work():
        with torch.inference_mode():
            cache, token = DynamicCache(), ids
            for _ in range(new):
                logits = network(token, past_key_values=cache, use_cache=True, logits_to_keep=1).logits[:, -1]
                token = torch.multinomial(torch.softmax(logits, -1), 1)

    return batch * new, laps(repetitions, work)


def train(shape, repetitions, compiled=False):
    """Cross-entropy on every token, backward, clipping, AdamW."""
    batch, prompt, new = SIZES[shape]
    network = model(shape).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5, fused=True)
    ids = torch.randint(1, SHAPES[shape]["vocab_size"], (batch, prompt + new))
    # A vocabulary of 151,936 does not leave room for all logits of the batch at once.
    step = batch if shape != "half-b" else 2

    def loss_of(tokens):
        logits = network(tokens[:, :-1], use_cache=False).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())

    forward = torch.compile(loss_of) if compiled else loss_of

    def work():
        optimizer.zero_grad(set_to_none=True)
        for start in range(0, batch, step):
            (forward(ids[start:start + step]) * step / batch).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return batch * (prompt + new), laps(repetitions, work)


def grpo(shape, repetitions):
    """TRL's GRPOTrainer as it comes, on one batch of prompts a step."""
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, TrainerCallback
    from trl import GRPOConfig, GRPOTrainer
    groups, size = GROUPS[shape]
    _, prompt, new = SIZES[shape]
    vocabulary = SHAPES[shape]["vocab_size"]
    words = {f"w{i}": i for i in range(vocabulary)}
    plain = Tokenizer(models.WordLevel(words, unk_token="w0"))
    plain.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    # min_new_tokens below keeps completions from ending early.
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="w0", eos_token="w1", padding_side="left")
    texts = [" ".join(f"w{(7 * i + 3 * j) % (vocabulary - 2) + 2}" for j in range(prompt)) for i in range(groups)]
    times = []

    class Clock(TrainerCallback):
        def on_step_begin(self, *_, **__):
            self.start = time.perf_counter(), time.process_time()

        def on_step_end(self, *_, **__):
            times.append((time.perf_counter() - self.start[0], time.process_time() - self.start[1]))

    with tempfile.TemporaryDirectory() as folder:
        options = GRPOConfig(
            output_dir=folder, use_cpu=True, per_device_train_batch_size=groups * size, num_generations=size,
            max_completion_length=new, max_steps=repetitions + 1, save_strategy="no", logging_strategy="no",
            report_to=[], bf16=False, gradient_checkpointing=False, disable_tqdm=True,
            generation_kwargs=dict(min_new_tokens=new))
        trainer = GRPOTrainer(
            model=model(shape), args=options, train_dataset=Dataset.from_dict({"prompt": texts}),
            processing_class=tokenizer, callbacks=[Clock()],
            reward_funcs=lambda completions, **_: [text.count("2") / len(text) for text in completions])
        trainer.train()
    timed = times[1:]
    return groups * size * new, tuple(statistics.median(column) for column in zip(*timed))


def load(shape, repetitions):
    """safetensors' load_file and a copy of each tensor in the process's own memory, as training needs it. Without the
    copy the file is only mapped, in a few milliseconds, and nothing of it is read."""
    from safetensors.torch import load_file, save_file
    network = model(shape)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.safetensors")
        save_file({name: value.contiguous() for name, value in network.named_parameters()}, path)
        return None, laps(repetitions, lambda: [value.clone() for value in load_file(path).values()])


def limits(repetitions):
    """The machine: sgemm GFLOP/s at 2048^3, the best of PyTorch and NumPy (which of the two knows a processor
    better differs), and bytes read per second from one GiB."""
    a, b = torch.randn(2048, 2048), torch.randn(2048, 2048)
    big = torch.ones(1 << 28)
    product, _ = laps(repetitions, lambda: a @ b)
    x, y = a.numpy(), b.numpy()
    product = min(product, laps(repetitions, lambda: x @ y)[0])
    read, _ = laps(repetitions, lambda: big.sum())
    return dict(gflops=2 * 2048 ** 3 / product / 1e9, bandwidth=big.numel() * 4 / read)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("--shape", default="nano")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.peer == "limits":
        print(json.dumps(limits(options.repetitions)))
        return
    works = {
        "generate": generate, "loop": loop, "train": train, "grpo": grpo, "load": load,
        "train-compiled": lambda shape, count: train(shape, count, compiled=True),
    }
    tokens, (wall, processor) = works[options.peer](options.shape, options.repetitions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(dict(tokens=tokens, seconds=wall, processor_seconds=processor, peak_rss_bytes=peak)))


main()
