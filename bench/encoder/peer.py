"""The peers of bench/encoder: answers one JSON request a line on stdin with one
JSON line on stdout. Started by the Go command, in the environment it made."""

import json
import os
import sys
import time

import numpy
import onnxruntime
import tokenizers

folder, threads, with_sentence_transformers = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "true"
os.environ["RAYON_NUM_THREADS"] = str(threads)
os.environ["TOKENIZERS_PARALLELISM"] = "true"
MAX_TOKENS = 256  # of all-MiniLM-L6-v2's sentence_bert_config.json


def session(name):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(os.path.join(folder, name), options, providers=["CPUExecutionProvider"])


def quantise():
    """Makes the int8 model: dynamic, one scale an output channel."""
    target = os.path.join(folder, "int8.onnx")
    if not os.path.exists(target):
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(os.path.join(folder, "model.onnx"), target + ".part", per_channel=True, weight_type=QuantType.QInt8)
        os.rename(target + ".part", target)


quantise()
models = {"fp32": session("model.onnx"), "int8": session("int8.onnx")}
tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(MAX_TOKENS)
sentences = {}
versions = f"onnxruntime {onnxruntime.__version__}, tokenizers {tokenizers.__version__}, Python {sys.version.split()[0]}"
if with_sentence_transformers:
    import sentence_transformers
    import torch

    torch.set_num_threads(threads)
    # As it opens the folder of its own accord, in the precision of the weights, and in float32.
    for name, how in {"sentences": {}, "sentences float32": {"dtype": torch.float32}}.items():
        sentences[name] = sentence_transformers.SentenceTransformer(sys.argv[4], model_kwargs=how)
    versions += f", sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}"


def run(model, sequences):
    """The unit vectors of sequences of ids: padded, mean pooling."""
    longest = max(map(len, sequences))
    ids = numpy.zeros((len(sequences), longest), numpy.int64)
    mask = numpy.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    states = models[model].run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)})[0]
    weights = mask[:, :, None].astype(numpy.float32)
    vectors = (states * weights).sum(1) / weights.sum(1)
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def encode(model, texts, batch=32):
    """The unit vectors of texts, in batches of like length."""
    sequences = [e.ids for e in tokenizer.encode_batch(texts)]
    order = sorted(range(len(texts)), key=lambda i: len(sequences[i]))
    vectors = numpy.empty((len(texts), 384), numpy.float32)
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        vectors[rows] = run(model, [sequences[i] for i in rows])
    return vectors


def shape(request):
    """Milliseconds of each run of the network alone over a batch of one length."""
    ids = numpy.array(request["ids"], numpy.int64)
    inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
    times = []
    for _ in range(request["times"]):
        start = time.perf_counter()
        models[request["model"]].run(None, inputs)
        times.append((time.perf_counter() - start) * 1000)
    return times


def texts(request):
    """Seconds from texts to vectors, and the vectors where they are wanted."""
    start = time.perf_counter()
    if request["model"] in sentences:
        vectors = sentences[request["model"]].encode(request["texts"])
    else:
        vectors = encode(request["model"], request["texts"])
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "vectors": vectors.tolist() if request["vectors"] else None}


print(json.dumps(versions), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer = {"shape": shape, "texts": texts}[request["do"]](request)
    print(json.dumps(answer), flush=True)
