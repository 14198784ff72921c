/// Jinja chat templates for `tokenizer_config.json`, so that other programs lay out prompts as this one does.
public enum ChatTemplates {
  /// ChatML as the released AutoThink model uses it: the generation prompt ends with an opened `<judge>` and a line end,
  /// earlier assistant turns keep only the text of their last `<answer>`.
  public static let chatML = """
    {%- for message in messages -%}
    {%- if message.role == 'assistant' and '<answer>' in message.content -%}
    {%- set content = message.content.split('<answer>')[-1].split('</answer>')[0].strip() -%}
    {%- else -%}
    {%- set content = message.content -%}
    {%- endif -%}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' -}}
    {%- endfor -%}
    {%- if add_generation_prompt -%}
    {{- '<|im_start|>assistant\\n<judge>\\n' -}}
    {%- endif -%}
    """

  /// The short layout of byte-level models: no roles, no line ends.
  public static let compact = """
    {%- for message in messages -%}
    {%- if message.role == 'assistant' and '<answer>' in message.content -%}
    {%- set content = message.content.split('<answer>')[-1].split('</answer>')[0].strip() -%}
    {%- else -%}
    {%- set content = message.content -%}
    {%- endif -%}
    {{- '<|im_start|>' + content + '<|im_end|>' -}}
    {%- endfor -%}
    {%- if add_generation_prompt -%}
    {{- '<judge>' -}}
    {%- endif -%}
    """
}
