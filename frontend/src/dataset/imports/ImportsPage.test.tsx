import { act, screen, waitFor, within } from '@testing-library/react'
import i18next from 'i18next'
import { describe, expect, it, vi } from 'vitest'
import type { ImportReport } from '../../api/types'
import { fill, visit } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aJob, ground, page } from '../../test/world'
import ko from './locales/ko.json'

const IMPORT = 'POST datasets/{dataset_id}/imports'

const report = (part: Partial<ImportReport> = {}): ImportReport => ({
  format: 'coco',
  dry_run: false,
  images: { found: 12, added: 10, unchanged: 0, skipped: 2 },
  boxes: { found: 90, added: 80, changed: 0, removed: 0, unchanged: 0, clipped: 1, skipped: 9 },
  classes: [
    { name: 'car', found: 20, usable: 20, new: false },
    { name: 'tram', found: 70, usable: 61, new: true },
  ],
  revision: 5,
  problems: [
    { file: 'a.json', line: 12, reason: 'No such image.', action: 'skipped', kind: 'no_image' },
    { file: 'b.json', record: 7, reason: 'Box cut.', action: 'repaired', kind: 'clipped' },
  ],
  problems_total: 2,
  kinds: [
    { kind: 'no_image', action: 'skipped', entries: 1, count: 1 },
    { kind: 'clipped', action: 'repaired', entries: 1, count: 1 },
  ],
  notes: [{ kind: 'no_boxes', count: 3, text: '' }],
  ...part,
})

const done = (result: ImportReport) =>
  aJob({
    id: 51,
    kind: 'import',
    title: 'Import roads',
    state: 'succeeded',
    progress: 1,
    result,
    eta_seconds: null,
  })

describe('ImportForm', () => {
  const open = async (answers = {}) => {
    const server = serve({ ...ground(), 'GET datasets/{dataset_id}/imports': page(), ...answers })
    const { user, address } = await visit('/datasets/7/imports')
    await screen.findByRole('heading', { name: 'Import images and labels' })
    return { server, user, address }
  }

  it('imports a folder with all that was said of it, and shows the job', async () => {
    const { server, user, address } = await open({
      [IMPORT]: aJob({ id: 51 }),
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    const start = screen.getByRole('button', { name: 'Import' })
    expect(start).toHaveProperty('ariaDisabled', 'true')
    fill(screen.getByLabelText('Folder'), ' /data/roads ')
    fill(screen.getByLabelText('Annotation file'), 'train.json')
    fill(screen.getByLabelText('Metadata for every image'), 'site = gate 4\ncamera = 2')
    await user.click(screen.getByRole('checkbox', { name: /Copy the files/ }))
    await user.click(start)
    await waitFor(() => expect(address()).toBe('/datasets/7/imports?job=51'))
    expect(server.only(IMPORT).body).toEqual({
      path: '/data/roads',
      format: 'auto',
      annotations: 'train.json',
      copy: false,
      metadata: { site: 'gate 4', camera: 2 },
      dry_run: false,
    })
  })

  it('says what to do where the project may import from no folder, and offers files first', async () => {
    const { user } = await open({
      'GET projects/{project_id}/import-roots': { granted: [], every: false, configured: null },
      'GET datasets/{dataset_id}/uploads': [],
    })
    expect(await screen.findByRole('button', { name: 'Choose a folder' })).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: 'Folder on the server' }))
    expect(screen.getByRole('note').textContent).toContain('Ask an administrator')
    expect(screen.queryByRole('button', { name: 'Import' })).toBeNull()
  })

  it('checks first where one asks for it', async () => {
    const { server, user } = await open({ [IMPORT]: aJob({ id: 51 }), 'GET jobs/{job_id}': aJob({ id: 51 }) })
    fill(screen.getByLabelText('Folder'), '/data')
    await user.click(screen.getByRole('button', { name: 'Check first' }))
    await waitFor(() => expect(server.only(IMPORT).body.dry_run).toBe(true))
  })

  it('sends nothing while a line of the metadata is not understood', async () => {
    await open()
    fill(screen.getByLabelText('Folder'), '/data')
    fill(screen.getByLabelText('Metadata for every image'), 'site gate 4')
    expect(await screen.findByText('“site gate 4” is not of the form key = value.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Import' })).toHaveProperty('ariaDisabled', 'true')
  })

  it('asks for an annotation file only where a format has one', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('combobox', { name: 'Format' }))
    await user.click(await screen.findByRole('option', { name: 'YOLO' }))
    expect(screen.queryByLabelText('Annotation file')).toBeNull()
    expect(screen.getByText(/^data.yaml/)).toBeTruthy()
  })

  it('says why a folder cannot be read', async () => {
    const { user } = await open({ [IMPORT]: () => refused(400, { detail: 'Not below an import root.' }) })
    fill(screen.getByLabelText('Folder'), '/etc')
    await user.click(screen.getByRole('button', { name: 'Import' }))
    expect(await screen.findByText('Not below an import root.')).toBeTruthy()
  })

  it('sends files from here in parts, and then imports them', async () => {
    // As over HTTP, where a browser computes no digest; Node's takes no buffer of jsdom's.
    vi.stubGlobal('crypto', { ...crypto, subtle: undefined })
    const upload = {
      id: 4,
      dataset: 7,
      name: 'roads.zip',
      size: 5,
      offset: 0,
      fingerprint: '',
      part_size: 3,
      job: null,
      created_at: '2026-03-01T12:00:00Z',
      received_at: '2026-03-01T12:00:00Z',
    }
    const { server, user, address } = await open({
      'GET datasets/{dataset_id}/uploads': [],
      'POST datasets/{dataset_id}/uploads': upload,
      'PUT uploads/{upload_id}/parts': ({ query }: { query: Record<string, string> }) => ({
        ...upload,
        offset: Math.min(5, Number(query.offset) + 3),
      }),
      'POST uploads/{upload_id}/finish': aJob({ id: 51 }),
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    await user.click(screen.getByRole('radio', { name: 'Files from here' }))
    await user.upload(
      await screen.findByLabelText('Choose files', { selector: 'input' }),
      new File(['12345'], 'roads.zip', { type: 'application/zip' }),
    )
    expect(await screen.findByText('1 file, 5 B')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Import' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/imports?job=51'))
    const parts = server.sent('PUT uploads/{upload_id}/parts')
    expect(parts.map(({ query }) => query.offset)).toEqual(['0', '3'])
    expect(server.only('POST uploads/{upload_id}/finish').body).toMatchObject({
      format: 'auto',
      dry_run: false,
    })
  })

  it('is for managers', async () => {
    serve({ ...ground('labeller'), 'GET datasets/{dataset_id}/imports': page() })
    await visit('/datasets/7/imports')
    expect(await screen.findByText('Managers of the project import images and labels.')).toBeTruthy()
    expect(screen.queryByLabelText('Folder')).toBeNull()
  })
})

describe('ImportView', () => {
  const open = async (result: ImportReport, answers = {}) => {
    const server = serve({
      ...ground(),
      'GET datasets/{dataset_id}/imports': page(done(result)) as never,
      'GET jobs/{job_id}': done(result),
      ...answers,
    })
    const { user, address } = await visit('/datasets/7/imports?job=51')
    await screen.findByRole('heading', { name: 'Import roads' })
    return { server, user, address }
  }

  it('says what came in, what did not, and why', async () => {
    await open(report())
    expect(await screen.findByRole('link', { name: 'The labels are revision 5.' })).toBeTruthy()
    expect(
      screen.getByText('3 images are labelled as having no boxes, and are kept as negatives.'),
    ).toBeTruthy()
    const tram = within(screen.getByRole('row', { name: /tram/ }))
    expect(tram.getByText('new')).toBeTruthy()
    expect(tram.getByText('9 left out')).toBeTruthy()
    expect(screen.getByRole('row', { name: /a.json/ }).textContent).toContain('line 12')
    expect(screen.getByRole('row', { name: /b.json/ }).textContent).toContain('record 7')
  })

  it('counts images by what is known of their labels, each count with a way to them', async () => {
    const label_states = { labelled: 1200, negative: 3, not_labelled: 0 }
    await open(report({ label_states }))
    const line = within(await screen.findByRole('list', { name: 'What is known of the labels' }))
    expect(line.getByRole('link', { name: '1,200 labelled' }).getAttribute('href')).toBe(
      '/datasets/7?q=labelled%20and%20not%20negative',
    )
    expect(line.getByRole('link', { name: '3 with nothing there' }).getAttribute('href')).toBe(
      '/datasets/7?q=negative',
    )
    expect(line.getByText('0 not labelled').tagName).toBe('LI')
    expect(screen.queryByText(/kept as negatives/)).toBeNull()
  })

  it('has no way to images that a check has not written', async () => {
    await open(report({ dry_run: true, label_states: { labelled: 10, negative: 0, not_labelled: 2 } }))
    const line = within(await screen.findByRole('list', { name: 'What is known of the labels' }))
    expect(line.getByText('2 not labelled')).toBeTruthy()
    expect(line.queryByRole('link')).toBeNull()
  })

  it('says what became of deep pictures, of copies, and of a note that it has no words for', async () => {
    const values = { low: '0', high: '4,095', lowest: '0', highest: '60,000' }
    await open(
      report({
        notes: [
          { kind: 'stretched_and_cut', count: 310, text: '', values },
          { kind: 'exact_copies', count: 1, text: '', values: { copy: 'b.jpg', of: 'a.jpg' } },
          { kind: 'of_tomorrow', count: 2, text: 'Two images are from tomorrow.' },
        ],
      }),
    )
    expect(await screen.findByText(/310 pictures .* 0 to 4,095 became 0 to 255/)).toBeTruthy()
    expect(screen.getByText(/from 0 to 60,000 and were cut/)).toBeTruthy()
    const copies = screen.getByText(/b.jpg has the same bytes as a.jpg/)
    const leads = within(copies).getAllByRole('link')
    expect(leads.map((one) => one.getAttribute('href'))).toEqual([
      '/curate/7/duplicates',
      '/curate/7/duplicates?keep=all',
    ])
    expect(screen.getByText('Two images are from tomorrow.')).toBeTruthy()
  })

  it('narrows the problems by what was done and by text', async () => {
    const { user } = await open(report())
    await user.click(await screen.findByRole('radio', { name: 'Repaired' }))
    expect(screen.queryByRole('row', { name: /a.json/ })).toBeNull()
    fill(screen.getByLabelText('File or reason'), 'zebra')
    expect(await screen.findByText('No problem matches this filter.')).toBeTruthy()
  })

  it('says the kind of a problem in the language of the page, before the sentence of the server', async () => {
    await open(report())
    await screen.findByRole('row', { name: /a.json/ })
    await act(() => i18next.changeLanguage('ko'))
    const row = await screen.findByRole('row', { name: /a.json/ })
    expect(await within(row).findByText(ko.kinds.no_image)).toBeTruthy()
    expect(within(row).getByText('No such image.').lang).toBe('en')
    await act(() => i18next.changeLanguage('en'))
  })

  it('does after a check what the check has shown', async () => {
    const { server, user } = await open(report({ dry_run: true, revision: null }), {
      [IMPORT]: aJob({ id: 52, title: 'The real one' }),
    })
    await user.click(await screen.findByRole('button', { name: 'Import this' }))
    await waitFor(() => expect(server.only(IMPORT).body).toEqual({ check: 51 }))
    expect(screen.queryByRole('link', { name: 'See the images' })).toBeNull()
  })

  it('asks again for one that failed, with what was uploaded for it', async () => {
    const failed = {
      ...done(report()),
      state: 'failed' as const,
      result: null,
      error: 'The memory was full.',
    }
    const { server, user } = await open(report(), {
      'GET jobs/{job_id}': failed,
      [IMPORT]: aJob({ id: 52, title: 'Once more' }),
    })
    await user.click(await screen.findByRole('button', { name: 'Import again' }))
    await waitFor(() => expect(server.only(IMPORT).body).toEqual({ check: 51 }))
  })

  it('offers no import of a check that found nothing', async () => {
    const images = { found: 2, added: 0, unchanged: 0, skipped: 2 }
    await open(report({ dry_run: true, revision: null, images }))
    expect(await screen.findByRole('button', { name: 'Import this' })).toHaveProperty('ariaDisabled', 'true')
    expect(screen.getByText(/^No image came in/)).toBeTruthy()
  })

  it('asks what boxes are that a file does not tell, and waits for the answer', async () => {
    const question = {
      kind: 'box_form',
      file: 'coco.json',
      text: '',
      choices: ['xywh', 'xyxy', 'fractions'],
      likely: 'xyxy',
    } as const
    const numbers = {
      kind: 'class_numbers',
      file: 'data.yaml',
      text: '',
      choices: ['from_0', 'from_1'],
      likely: 'from_1',
    } as const
    const questions = [question, numbers].map((one) => ({ ...one, choices: [...one.choices] }))
    const { server, user } = await open(report({ dry_run: true, revision: null, questions }), {
      [IMPORT]: aJob({ id: 52 }),
    })
    const start = await screen.findByRole('button', { name: 'Import this' })
    expect(start).toHaveProperty('ariaDisabled', 'true')
    expect(screen.getByText(/^coco.json looks like two corners/)).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: 'x1, y1, x2, y2' }))
    expect(start).toHaveProperty('ariaDisabled', 'true')
    await user.click(screen.getByRole('radio', { name: 'from 1' }))
    await user.click(start)
    const body = { check: 51, box_form: 'xyxy', class_numbers: 'from_1' }
    await waitFor(() => expect(server.only(IMPORT).body).toEqual(body))
  })

  it('makes a prediction set of what stood among the labels', async () => {
    const predictions = { files: 2, boxes: 3, location: 'ab/cd.json' }
    const { server, user } = await open(report({ predictions }), {
      'POST datasets/{dataset_id}/prediction-sets': aJob({ id: 53, state: 'queued' }),
    })
    await user.click(await screen.findByRole('button', { name: 'Make a prediction set of 3 boxes' }))
    await waitFor(() =>
      expect(server.only('POST datasets/{dataset_id}/prediction-sets').body).toEqual({ import_job: 51 }),
    )
  })
})
