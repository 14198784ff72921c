"""Rollouts by llama.cpp, through the bindings of llama-cpp-python, in a process of their own (see peer.py)."""

import argparse
import ctypes
import json
import os
import resource
import tempfile

import gguf
import llama_cpp as native
import numpy as np

from laps import laps
from shapes import SHAPES, SIZES


def write(path, shape, half):
    """A GGUF file of random weights, tied embeddings, without a vocabulary's texts; matrices in f32 or f16."""
    c = SHAPES[shape]
    width, wide = c["hidden_size"], c["intermediate_size"]
    dim = width // c["num_attention_heads"]
    keys = dim * c["num_key_value_heads"]
    architecture = "qwen2" if shape == "half-b" else "llama"
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(c["num_hidden_layers"])
    writer.add_context_length(2048)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(wide)
    writer.add_head_count(c["num_attention_heads"])
    writer.add_head_count_kv(c["num_key_value_heads"])
    writer.add_rope_dimension_count(dim)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(c["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    writer.add_file_type(1 if half else 0)
    generator = np.random.default_rng(0)

    def matrix(name, rows, columns):
        values = generator.standard_normal((rows, columns), dtype=np.float32) * np.float32(0.02)
        writer.add_tensor(name, values.astype(np.float16) if half else values)

    def vector(name, count, value):
        writer.add_tensor(name, np.full(count, value, dtype=np.float32))

    matrix("token_embd.weight", c["vocab_size"], width)
    vector("output_norm.weight", width, 1)
    for i in range(c["num_hidden_layers"]):
        vector(f"blk.{i}.attn_norm.weight", width, 1)
        vector(f"blk.{i}.ffn_norm.weight", width, 1)
        for name, rows, columns in (("attn_q", width, width), ("attn_k", keys, width), ("attn_v", keys, width),
                                    ("attn_output", width, width), ("ffn_gate", wide, width), ("ffn_up", wide, width),
                                    ("ffn_down", width, wide)):
            matrix(f"blk.{i}.{name}.weight", rows, columns)
        if architecture == "qwen2":
            for name, rows in (("attn_q", width), ("attn_k", keys), ("attn_v", keys)):
                vector(f"blk.{i}.{name}.bias", rows, 0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def rollout(shape, threads, repetitions, half):
    """All sequences in one batch, plain sampling by llama.cpp's own sampler."""
    count, prompt, new = SIZES[shape]
    vocabulary = SHAPES[shape]["vocab_size"]
    native.llama_log_set(quiet, ctypes.c_void_p(0))
    native.llama_backend_init()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.gguf")
        write(path, shape, half)
        options = native.llama_model_default_params()
        options.n_gpu_layers = 0
        # Read, not mapped: the file goes away.
        options.use_mmap = False
        model = native.llama_model_load_from_file(path.encode(), options)
    assert model, "llama.cpp refuses the file"
    options = native.llama_context_default_params()
    options.n_ctx = count * (prompt + new)
    options.n_batch = options.n_ubatch = 512
    options.n_seq_max = count
    options.n_threads = options.n_threads_batch = threads
    options.no_perf = True
    # The cache in float32 as everybody's; with f16 weights as llama.cpp comes.
    if not half:
        options.type_k = options.type_v = native.GGML_TYPE_F32
    context = native.llama_init_from_model(model, options)
    assert context, "llama.cpp makes no context"
    samplers = [native.llama_sampler_init_dist(seed + 1) for seed in range(count)]
    tokens = np.random.default_rng(1).integers(1, vocabulary, (count, prompt))
    batch = native.llama_batch_init(512, 0, 1)

    def run(entries):
        """Decodes (token, position, sequence, wants logits) entries in one call."""
        batch.n_tokens = len(entries)
        for i, (token, position, sequence, wanted) in enumerate(entries):
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = wanted
        failed = native.llama_decode(context, batch)
        assert failed == 0, f"llama_decode returned {failed}"

    def work():
        native.llama_memory_clear(native.llama_get_memory(context), False)
        drawn = [0] * count
        together = max(1, 512 // prompt)
        for start in range(0, count, together):
            sequences = range(start, min(count, start + together))
            run([(int(tokens[s, p]), p, s, p == prompt - 1) for s in sequences for p in range(prompt)])
            for place, s in enumerate(sequences):
                drawn[s] = native.llama_sampler_sample(samplers[s], context, place * prompt + prompt - 1)
        for step in range(1, new):
            run([(drawn[s], prompt + step - 1, s, True) for s in range(count)])
            for s in range(count):
                drawn[s] = native.llama_sampler_sample(samplers[s], context, s)

    return count * new, laps(repetitions, work)


@native.llama_log_callback
def quiet(level, text, data):
    pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", choices=["f32", "f16"])
    parser.add_argument("--shape", default="nano")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    tokens, (wall, processor) = rollout(options.shape, options.threads, options.repetitions, options.weights == "f16")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(dict(tokens=tokens, seconds=wall, processor_seconds=processor, peak_rss_bytes=peak)))


main()
