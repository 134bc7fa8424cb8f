import { inDialog, inMenu, press, type View } from './console-press.ts';

/** What stands around every page, and the guide. */
export const frameViews: View[] = [
  { name: 'help', path: '/help' },
  { name: 'help-found', path: '/help?q=chargebak' },
  { name: 'help-none', path: '/help?q=xqzzyvw' },
  { name: 'help-article', path: '/help/invoice-not-received' },
  { name: 'help-feedback', path: '/help/feedback', expected: /403/ },
  {
    name: 'palette',
    ...inDialog,
    path: '/customers',
    open: async (page) => {
      // The shell hears the key once it stands, and the palette comes in a file of its own.
      await page.locator('main h1').waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('[role=dialog]').waitFor();
    },
  },
  {
    name: 'palette-found',
    ...inDialog,
    path: '/customers',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('FG-10');
      await page.getByRole('option', { name: /FG-10/ }).first().waitFor();
    },
  },
  { name: 'shortcuts', ...inDialog, path: '/customers', open: (page) => page.keyboard.press('?') },
  {
    name: 'switcher',
    ...inMenu,
    path: '/payments',
    open: (page) => page.locator('.rail.fixed .switcher').click(),
  },
  {
    name: 'user-menu',
    ...inMenu,
    path: '/payments',
    open: (page) => page.locator('.rail.fixed .who-button').click(),
  },
  {
    name: 'appearance',
    ...inMenu,
    path: '/payments',
    open: (page) =>
      page
        .locator('.rail.fixed')
        .getByLabel(/^Appearance/)
        .click(),
  },
  {
    name: 'menu',
    ...inDialog,
    path: '/payments',
    open: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByLabel('Open the menu').click();
    },
  },
  { name: 'profile', path: '/profile' },
  { name: 'profile-email', ...inDialog, path: '/profile', open: press('Change e-mail') },
  { name: 'profile-password', ...inDialog, path: '/profile', open: press('Change password') },
  { name: 'profile-app', ...inDialog, path: '/profile', open: press('Set up an authenticator app') },
  { name: 'profile-passkey', ...inDialog, path: '/profile', open: press('Add a passkey') },
  {
    name: 'add-organization',
    ...inDialog,
    path: '/payments',
    open: async (page) => {
      await page.locator('.rail.fixed .switcher').click();
      await page.getByRole('menuitem', { name: 'Add an organization' }).click();
    },
  },
  { name: 'nowhere', path: '/no/such/page' },
];
