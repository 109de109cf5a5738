import type { Checkpoint, ExportedForm } from '../api/types'

/** What the checkpoint is called in the page of its run, or by itself. */
export const checkpointName = (
  one: Checkpoint | undefined,
  t: (key: `kinds.${Checkpoint['kind']}`) => string,
) => (one === undefined ? '' : one.run ? t(`kinds.${one.kind}`) : one.name)

const NAMES = { onnx: 'ONNX', openvino: 'OpenVINO', torchscript: 'TorchScript', tensorrt: 'TensorRT' }

/** Names of products, the same in every language. */
export const formName = ({ form, precision }: Pick<ExportedForm, 'form' | 'precision'>) =>
  precision === 'f32' ? NAMES[form] : `${NAMES[form]} ${precision}`
