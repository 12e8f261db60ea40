"""Every term in one line, with its formula or source; `?term=SLUG` shows one of them."""

import streamlit as st

from pages.widgets.glossary import describe_term
from pages.widgets.url_state import url_param
from wildcam.glossary import find_term, load_glossary

ALL = "all"

st.title("Glossary")
options = [ALL, *sorted(slug for group in load_glossary() for slug in group.terms)]
chosen = st.selectbox(
    "Term",
    options,
    format_func=lambda slug: "All terms" if slug == ALL else find_term(slug).title,
    **url_param("term", options),
)
for group in load_glossary():
    shown = [term for slug, term in group.terms.items() if chosen in (ALL, slug)]
    if shown:
        st.subheader(group.title, anchor=False)
    for term in shown:
        with st.container(border=True, gap=None):
            st.markdown(f"**{term.title}**")
            st.markdown(describe_term(term))
