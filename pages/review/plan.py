"""Review: how good the answers are, and how many more photos to review."""

import streamlit as st

from pages.review.source import ReviewSource
from wildcam.counting import counted
from wildcam.review.plan import errors_found, review_plan, sampled_rows
from wildcam.review.queue import NO_LABEL, ReviewOrder
from wildcam.settings import load_settings

SHARES = (0.05, 0.1, 0.2, 0.4)


def draw_plan(source: ReviewSource) -> None:
    reviews = source.reviews(load_settings().home)
    margin = st.select_slider("Wanted margin, percentage points", [2, 3, 5, 10], 5, key="review_margin") / 100
    plan = review_plan(source.queue, reviews, margin)
    if not plan["sampled"].any():
        st.info(
            f"Nothing is known yet: review some photos in the order *{ReviewOrder.RANDOM.display}*. Only these tell "
            "how good the rest is: photos that were chosen because they are doubtful are wrong more often.",
            icon=":material/casino:",
        )
    of_all = sampled_rows(source.queue, reviews).query("of_all")
    sampled, correct = len(of_all), int(of_all["correct"].sum())
    if sampled:
        st.metric("Correct in the random sample", f"{correct / sampled:.0%}", border=True)
        st.caption(f"{correct:,} of {counted(sampled, 'photo')}.")
    st.dataframe(
        plan.assign(
            label=plan["label"].replace(NO_LABEL, "no label"),
            **{name: plan[name] * 100 for name in ("precision", "low", "high")},
        ),
        hide_index=True,
        key="review_plan",
        column_config={
            "label": "Answer",
            "photos": st.column_config.NumberColumn("Photos", format="localized"),
            "reviewed": st.column_config.NumberColumn("Reviewed", format="localized"),
            "sampled": st.column_config.NumberColumn("In the sample", format="localized"),
            "correct": None,
            "precision": st.column_config.NumberColumn("Correct", format="%.0f%%"),
            "low": st.column_config.NumberColumn("from", format="%.0f%%", help="95 % interval (Wilson)."),
            "high": st.column_config.NumberColumn("to", format="%.0f%%"),
            "more": st.column_config.NumberColumn(
                "Still to sample",
                format="localized",
                help="Photos with this answer until the interval is about as narrow as wanted.",
            ),
        },
    )
    if sampled > correct and source.queue.table["confidence"].notna().any():
        st.markdown("**What reviewing the least confident answers would find**")
        for share in SHARES:
            found, errors = errors_found(source.queue, reviews, share)
            photos = counted(round(share * len(source.queue.table)), "photo")
            st.text(f"The {share:.0%} least confident ({photos}): {found} of {counted(errors, 'error')} of the sample.")
