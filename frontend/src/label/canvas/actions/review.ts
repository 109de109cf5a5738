import { type ActionContext, group } from './action'

const inReview = ({ host }: ActionContext): boolean => host.review?.reviewing === true

export const reviewActions = group('review', [
  {
    id: 'next_change',
    keys: ['w'],
    enabled: ({ host }) => host.review?.hasChanges === true,
    perform: ({ host }) => host.review?.stepChange(1),
  },
  {
    id: 'previous_change',
    keys: ['shift+w'],
    enabled: ({ host }) => host.review?.hasChanges === true,
    perform: ({ host }) => host.review?.stepChange(-1),
  },
  { id: 'comments', keys: ['m'], perform: ({ host }) => host.openComments() },
  {
    id: 'new_issue',
    keys: ['shift+m'],
    enabled: ({ host }) => host.review != null,
    perform: ({ host }) => host.review?.newIssue(),
  },
  {
    id: 'next_issue',
    keys: ['shift+n'],
    enabled: ({ host }) => host.review?.hasIssues === true,
    perform: ({ host }) => host.review?.stepIssue(1),
  },
  {
    id: 'resolve_issue',
    keys: ['shift+x'],
    enabled: ({ host }) => host.review?.hasIssue === true,
    perform: ({ host }) => host.review?.resolve(),
  },
  {
    id: 'send_back',
    keys: ['mod+backspace'],
    enabled: inReview,
    perform: ({ host }) => host.review?.sendBack(),
  },
  // Held, not pressed: the page listens for its end.
  {
    id: 'show_before',
    keys: ['\\', '₩'],
    enabled: ({ host }) => host.review != null,
    perform: ({ host }) => host.review?.showBefore(),
  },
])
