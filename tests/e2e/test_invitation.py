"""Alice invites Dora, who opens the link, chooses a password and is in."""

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_it_works(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    page.goto(f"/settings?part=members&project={stage.cast.project.pk}")
    page.get_by_label("Email").fill("dora@example.org")
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.locator("code").inner_text()
    expect(page.get_by_role("row", name="dora@example.org")).to_be_visible()

    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_text("Alice invites you to the project Road.")).to_be_visible()
    page.get_by_label("Name").fill("Dora")
    page.get_by_role("textbox", name="Password").fill("the words of a song")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Road scenes").first).to_be_visible()

    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("leads nowhere any more")


def test_the_administration_is_entered_by_the_applications_page(page: Page, stage: Stage) -> None:
    stage.cast.alice.is_staff = stage.cast.alice.is_superuser = True
    stage.cast.alice.save()
    page.goto("/admin/accounts/project/")
    page.get_by_label("Email").fill(stage.cast.alice.email)
    page.get_by_role("textbox", name="Password").fill(stage.password)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Road", exact=True).click()
    expect(page.get_by_text("every configured root")).to_be_visible()
    page.goto("/api/docs")
    expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
