import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import i18next from 'i18next'

const sun: MantineColorsTuple = [
  '#fffbe6',
  '#fdf4c9',
  '#fae99a',
  '#f6de6d',
  '#f0d04a',
  '#dcb92f',
  '#b9991f',
  '#8f7514',
  '#6b570c',
  '#4a3c05',
]
const grey: MantineColorsTuple = [
  '#f4f4f2',
  '#ececea',
  '#dfdfdc',
  '#cfcfcb',
  '#bcbcb8',
  '#8f8f8b',
  '#636360',
  '#50504d',
  '#38383a',
  '#1c1c1b',
]
const dark: MantineColorsTuple = [
  '#ebebe8',
  '#cfcfcb',
  '#b2b2ae',
  '#9b9b97',
  '#434347',
  '#2c2c2f',
  '#242426',
  '#1b1b1c',
  '#141415',
  '#0d0d0e',
]

const field = { size: 'xs' } as const

export const theme = createTheme({
  respectReducedMotion: true,
  fontFamily: 'var(--hd-font)',
  fontFamilyMonospace: 'var(--hd-mono)',
  primaryColor: 'sun',
  primaryShade: 4,
  autoContrast: true,
  colors: { sun, gray: grey, dark },
  defaultRadius: 5,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '18px', xl: '28px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '18px' }, h2: { fontSize: '15px' }, h3: { fontSize: '13px' } },
  },
  cursorType: 'pointer',
  focusRing: 'never',
  // Named, not imported: a page that shows no Select should not load one.
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    CloseButton: { defaultProps: () => ({ 'aria-label': i18next.t('ui:close') }) }, // dialogs and notes have one each
    ActionIcon: { defaultProps: { size: 26, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: field },
    PasswordInput: { defaultProps: field },
    NumberInput: { defaultProps: field },
    Textarea: { defaultProps: field },
    Select: { defaultProps: { ...field, allowDeselect: false } },
    MultiSelect: { defaultProps: field },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Checkbox: { defaultProps: field },
    Radio: { defaultProps: field },
    Switch: { defaultProps: field },
    SegmentedControl: { defaultProps: { ...field, withItemsBorders: false } },
    Progress: { defaultProps: { size: 4, radius: 0 } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: 12, px: 8, py: 4 } },
    Portal: { defaultProps: { target: '#over' } }, // index.html
    Menu: {
      defaultProps: {
        shadow: 'md',
        position: 'bottom-start',
        offset: 4,
        transitionProps: { duration: 60 },
        withInitialFocusPlaceholder: false, // in a menu stand items alone
      },
    },
    ModalHeader: { defaultProps: { role: 'presentation' } }, // the page has one banner
    Popover: { defaultProps: { shadow: 'md', offset: 6, transitionProps: { duration: 60 } } },
    Modal: {
      defaultProps: {
        centered: false,
        yOffset: 'clamp(24px, 30vh - 164px, 12vh)', // less on a low screen, where forms need the height
        transitionProps: { duration: 80 },
        padding: 18,
        overlayProps: { backgroundOpacity: 0.42 },
      },
    },
    Tabs: { defaultProps: { radius: 0 } },
  },
})

/** Lays our tokens under Mantine's own variables, so that its parts wear the same greys. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--hd-ground)',
    '--mantine-color-text': 'var(--hd-text)',
    '--mantine-color-dimmed': 'var(--hd-dim)',
    '--mantine-color-placeholder': 'var(--hd-faint)',
    '--mantine-color-default': 'var(--hd-raised)',
    '--mantine-color-default-hover': 'var(--hd-hover)',
    '--mantine-color-default-color': 'var(--hd-text)',
    '--mantine-color-default-border': 'var(--hd-line-strong)',
    '--mantine-color-disabled': 'var(--hd-pressed)', // to be seen on raised ground too, as dialogs are
    '--mantine-color-error': 'var(--hd-danger)',
    '--mantine-color-anchor': 'var(--hd-text)',
    '--mantine-primary-color-contrast': 'var(--hd-accent-ink)',
    '--mantine-shadow-md': 'var(--hd-shadow)',
  }
  return { variables: {}, dark: both, light: both }
}
