"""Writes the reference folders beside this file: tiny models and what float64 PyTorch says about them.

    pip install torch transformers && python make_reference.py [CASE]...

Each folder is a Hugging Face checkpoint (as transformers writes it) and expected.safetensors:
  logits               [sequence, position, vocabulary] of the padded sequences below
  log_probability      [scored], of each response token given all before it, at temperature 0.7
  entropy              [scored], of the same distributions
  gradient.NAME        of  sum_i a_i log_probability_i + b_i entropy_i  in every parameter
and for models with experts, of the single sequence at the end:
  balance              the load-balancing loss (load_balancing_loss_func)
  balance_gradient.NAME
The sequences: one prompt with two responses, and one sequence by itself; they are run one by one, so that packing and
prefix sharing are what is tested. a_i = cos(i), b_i = 0.3 sin(i), i counting scored tokens from 0.
"""
import json
import math
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM, LlamaConfig, Qwen2Config, Qwen2MoeConfig, Qwen3Config, Qwen3MoeConfig)

PROMPT = [3, 17, 5, 5, 11]
RESPONSES = [[7, 2, 9, 1], [7, 14, 0, 18, 6, 1]]
ALONE = ([4, 4, 12], [8, 13, 1])
TEMPERATURE = 0.7

SIZES = dict(
    vocab_size=19, hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, bos_token_id=None, eos_token_id=1, pad_token_id=None,
)
LLAMA3 = dict(
    rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16,
    rope_theta=100.0,
)
CASES = {
    "llama": LlamaConfig(**SIZES, tie_word_embeddings=False, rms_norm_eps=1e-5),
    "llama-scaled-tied": LlamaConfig(**SIZES, tie_word_embeddings=True, rope_parameters=LLAMA3),
    "qwen2": Qwen2Config(**SIZES, tie_word_embeddings=False),
    "qwen2-tied": Qwen2Config(**SIZES, tie_word_embeddings=True),
    "qwen3-tied": Qwen3Config(**SIZES, head_dim=8, tie_word_embeddings=True),
    "qwen3": Qwen3Config(**SIZES, head_dim=8, tie_word_embeddings=False),
    # The first layer is dense; router weights do not add up to 1.
    "qwen2-moe": Qwen2MoeConfig(
        **SIZES, tie_word_embeddings=False, num_experts=5, num_experts_per_tok=2, moe_intermediate_size=6,
        shared_expert_intermediate_size=10, decoder_sparse_step=2, norm_topk_prob=False),
    "qwen3-moe-tied": Qwen3MoeConfig(
        **SIZES, head_dim=8, tie_word_embeddings=True, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=6,
        norm_topk_prob=True),
}


def main():
    here = pathlib.Path(__file__).parent
    for number, (name, config) in enumerate(CASES.items()):
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        config._attn_implementation = "eager"
        config._experts_implementation = "eager"
        model = AutoModelForCausalLM.from_config(config)
        generator = torch.Generator().manual_seed(number)
        with torch.no_grad():
            for key, p in model.named_parameters():
                noise = torch.randn(p.shape, generator=generator) * 0.3
                p.copy_(1 + noise if "norm" in key else noise)  # float32 values, exact in the file
        folder = here / name
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        compute_in_float64(model.double(), config)
        sequences = [(PROMPT, r) for r in RESPONSES] + [ALONE]
        longest = max(len(p) + len(r) for p, r in sequences)
        logits_out = torch.zeros(len(sequences), longest, config.vocab_size)
        log_probabilities, entropies = [], []
        for s, (prompt, response) in enumerate(sequences):
            logits = model(torch.tensor([prompt + response])).logits[0]
            assert logits.dtype == torch.float64
            logits_out[s, : len(logits)] = logits.detach().float()
            logp = torch.log_softmax(logits / TEMPERATURE, dim=-1)
            for i, token in enumerate(response):
                row = logp[len(prompt) - 1 + i]
                log_probabilities.append(row[token])
                entropies.append(-(row.exp() * row).sum())
        loss = sum(
            math.cos(i) * l + 0.3 * math.sin(i) * e for i, (l, e) in enumerate(zip(log_probabilities, entropies)))
        loss.backward()
        out = {
            "logits": logits_out,
            "log_probability": torch.stack(log_probabilities).detach().float(),
            "entropy": torch.stack(entropies).detach().float(),
        }
        for key, p in model.named_parameters():
            out.update(stored_names("gradient." + key, p.grad.float()))
        if hasattr(config, "num_experts"):
            model.zero_grad()
            tokens = torch.tensor([ALONE[0] + ALONE[1][:-1]])  # a response's last token is only a target
            loss = model(tokens, output_router_logits=True).aux_loss
            loss.backward()
            out["balance"] = loss.detach().float()[None]
            for key, p in model.named_parameters():
                gradient = torch.zeros_like(p) if p.grad is None else p.grad
                out.update(stored_names("balance_gradient." + key, gradient.float()))
        save_file(out, folder / "expected.safetensors")
        print(name, float(loss.detach()))
    sequences = {"prompt": PROMPT, "responses": RESPONSES, "alone": list(ALONE), "temperature": TEMPERATURE}
    (here / "sequences.json").write_text(json.dumps(sequences) + "\n")


def stored_names(key, value):
    """transformers holds experts stacked and stores them one by one."""
    layer, _, kind = key.rpartition(".experts.")
    if kind == "gate_up_proj":
        half = value.shape[1] // 2
        parts = {"gate_proj": value[:, :half], "up_proj": value[:, half:]}
    elif kind == "down_proj":
        parts = {"down_proj": value}
    else:
        return {key: value.contiguous()}
    return {
        f"{layer}.experts.{e}.{part}.weight": stack[e].contiguous()
        for part, stack in parts.items() for e in range(len(stack))}


def compute_in_float64(model, config):
    """transformers falls back to float32 inside norms, rotary angles and the attention softmax; undo that."""
    for module in model.modules():
        if type(module).__name__.endswith("RMSNorm"):
            module.forward = lambda x, m=module: m.weight * x * torch.rsqrt(
                x.pow(2).mean(-1, keepdim=True) + m.variance_epsilon)
    frequencies = inverse_frequencies(config)

    def angles(x, position_ids):
        a = position_ids[..., None].double() * frequencies
        a = torch.cat((a, a), dim=-1)
        return a.cos(), a.sin()

    model.model.rotary_emb.forward = angles
    softmax = torch.softmax
    torch.nn.functional.softmax = lambda x, dim=-1, dtype=None: softmax(x, dim=dim)


def inverse_frequencies(config):
    """theta^(-2i/d), with Llama 3's stretching of long wavelengths, in float64."""
    rope = config.rope_parameters
    dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    frequencies = 1.0 / rope["rope_theta"] ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    if rope["rope_type"] != "llama3":
        return frequencies
    out = []
    for f in frequencies.tolist():
        wave, original = 2 * math.pi / f, rope["original_max_position_embeddings"]
        if wave > original / rope["low_freq_factor"]:
            out.append(f / rope["factor"])
        elif wave < original / rope["high_freq_factor"]:
            out.append(f)
        else:
            smooth = (original / wave - rope["low_freq_factor"]) / (rope["high_freq_factor"] - rope["low_freq_factor"])
            out.append((1 - smooth) * f / rope["factor"] + smooth * f)
    return torch.tensor(out, dtype=torch.float64)


if __name__ == "__main__":
    main()
