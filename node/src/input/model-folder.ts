import { Option } from 'commander';
import { UsageError } from '../errors.js';
import type { EmbedderInfo, Han } from '../native.js';
import { parsePath } from './values.js';

/** Where static embeddings are. */
export function modelFolderOption(): Option {
  const description =
    'a folder with static embeddings in the format of model2vec: tokenizer.json, model.safetensors, config.json';
  return new Option('--model-folder <dir>', description).env('HAN_MODEL_FOLDER').argParser(parsePath);
}

/** Registers the embeddings of a folder as the embedder of a model. */
export async function loadModel(han: Han, folder: string | undefined, model?: string): Promise<EmbedderInfo> {
  if (folder === undefined) {
    throw new UsageError('static embeddings are needed; name their folder with --model-folder, or in HAN_MODEL_FOLDER');
  }
  return han.loadEmbedder(folder, { ...(model !== undefined && { model }) });
}
