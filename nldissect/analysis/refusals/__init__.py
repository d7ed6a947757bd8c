"""Reasons of refusals, from the state that the capture told of before: what exists, what is gone, what is down.

    object_history      who made an object so, or removed it, and when    <- changes (analysis/objects)
    state_facts         whether a rule's fact holds of that state         <- rules (families/*/refusal*.py)
    explainer           the first rule that fits a refusal, message by message
    capture_reasons     the refusals of one capture, and their reasons, each with its cause (analysis/causes)

Rule: a fact for which the kernel refuses with some errors (wire/semantics/refusals.py). Reason: such a fact that holds,
with the frame since which it does. Source: the kernel's function that refuses. Confidence: exact, inferred, likely.
To add a rule: `bind_refusal` beside the family. Nothing is said of what the capture may have missed: an object that was
never seen is no reason.
"""
