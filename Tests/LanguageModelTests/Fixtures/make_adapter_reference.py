"""Writes the folder `adapter` beside this file: a LoRA adapter as PEFT saves it, and what float64 PEFT says about it.

    pip install torch transformers peft && python make_adapter_reference.py

The base model is `qwen2`; expected.safetensors holds log_probability and gradient.NAME of the adapter's tensors, for
the sequences and the objective of make_reference.py.
"""
import math
import os
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from make_reference import ALONE, PROMPT, RESPONSES, TEMPERATURE, compute_in_float64


def main():
    os.chdir(pathlib.Path(__file__).parent)  # the adapter names its base by the path given here
    base = AutoModelForCausalLM.from_pretrained("qwen2", attn_implementation="eager", dtype=torch.float32)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(
        base, LoraConfig(r=3, lora_alpha=5, target_modules=targets, task_type="CAUSAL_LM", use_rslora=True))
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for key, p in model.named_parameters():
            if "lora_" in key:
                p.copy_(torch.randn(p.shape, generator=generator) * 0.3)
    folder = pathlib.Path("adapter")
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    compute_in_float64(model.double().base_model.model, base.config)
    loss, log_probabilities, i = 0, [], 0
    for prompt, response in [(PROMPT, r) for r in RESPONSES] + [ALONE]:
        logits = model(torch.tensor([prompt + response])).logits[0]
        assert logits.dtype == torch.float64
        logp = torch.log_softmax(logits / TEMPERATURE, dim=-1)
        for j, token in enumerate(response):
            row = logp[len(prompt) - 1 + j]
            log_probabilities.append(row[token])
            loss = loss + math.cos(i) * row[token] - 0.3 * math.sin(i) * (row.exp() * row).sum()
            i += 1
    loss.backward()
    out = {"log_probability": torch.stack(log_probabilities).detach().float()}
    for key, p in model.named_parameters():
        assert p.requires_grad == ("lora_" in key)
        if p.requires_grad:
            out["gradient." + key.replace(".default", "")] = p.grad.float().contiguous()
    save_file(out, folder / "expected.safetensors")


if __name__ == "__main__":
    main()
