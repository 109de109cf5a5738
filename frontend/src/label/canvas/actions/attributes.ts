import { group, hasSelection } from './action'

/** What boxes carry, and what the image is as a whole. */
export const attributeActions = [
  ...group('boxes', [
    { id: 'attributes', keys: ['q'], enabled: hasSelection, perform: ({ host }) => host.focusAttributes() },
  ]),
  ...group('task', [
    { id: 'image_labels', keys: ['shift+q'], perform: ({ host }) => host.focusImageLabels() },
    { id: 'reject_image', keys: ['shift+r'], perform: ({ host }) => host.rejectImage() },
  ]),
]
