"""The shapes and sizes of the benchmark, the same for everybody."""

SHAPES = {
    "nano": dict(hidden_size=128, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
                 intermediate_size=512, vocab_size=256),
    "micro": dict(hidden_size=384, num_hidden_layers=6, num_attention_heads=6, num_key_value_heads=2,
                  intermediate_size=1536, vocab_size=4096),
    "half-b": dict(hidden_size=896, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2,
                   intermediate_size=4864, vocab_size=151936),
}

# batch, prompt tokens, new tokens
SIZES = {"nano": (64, 32, 128), "micro": (64, 32, 128), "half-b": (8, 64, 32)}

# prompts, rollouts of each
GROUPS = {"nano": (16, 8), "micro": (16, 8), "half-b": (2, 4)}


def operations(shape, workload):
    """Floating-point operations of one repetition, counted as `step-srpo bench` counts them."""
    c = SHAPES[shape]
    batch, prompt, new = SIZES[shape]
    width = c["hidden_size"]
    key_width = width // c["num_attention_heads"] * c["num_key_value_heads"]
    layer = width * (2 * width + 2 * key_width) + 3 * width * c["intermediate_size"]

    def forward(rows, start, scored):
        attended = rows * start + rows * (rows + 1) // 2
        return (c["num_hidden_layers"] * (2 * rows * layer + 4 * attended * width)
                + 2 * scored * width * c["vocab_size"])

    sampling = forward(new - 1, prompt, new - 1)
    if workload == "rollout":
        return batch * (forward(prompt, 0, 1) + sampling)
    if workload == "train":
        return batch * 3 * forward(prompt + new - 1, 0, prompt + new - 1)
    groups, size = GROUPS[shape]
    response = forward(new - 1, prompt, new)
    return groups * (forward(prompt, 0, 1) + size * sampling + 3 * (forward(prompt, 0, 0) + size * response))
