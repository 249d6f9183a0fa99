// Package wordpiece turns text into the token ids that a BERT model was trained
// on, identical to Hugging Face's BertTokenizer.
//
// It knows the vocabulary and the tokenizer's settings, and nothing of weights,
// catalogues or search.
package wordpiece
