"""Addresses of workers' payroll files, and of what is taken back."""

from django.urls import path

from web.office import keeping, monitoring, taking_back, worker_files

urlpatterns = [
    path("loondossiers/", worker_files.overview, name="worker-files"),
    path("loondossiers/rekening/<slug:ref>/", worker_files.answer, name="answer-account"),
    path("loondossiers/<slug:ref>/", worker_files.file, name="worker-file"),
    path("loondossiers/<slug:ref>/lees/", worker_files.read, name="read-file"),
    path("loondossiers/<slug:ref>/schaal/", worker_files.scale, name="worker-scale"),
    path("meten/", monitoring.overview, name="monitoring"),
    path("meten/<slug:ref>/", monitoring.outflow, name="outflow"),
    path("uitkering/", keeping.overview, name="keeping"),
    path("uitkering/<slug:ref>/", keeping.worker, name="keeping-worker"),
    path("subsidie/<slug:ref>/", taking_back.claim, name="claim"),
    path("subsidie/<slug:ref>/regel/<int:number>/geweigerd/", taking_back.refuse_line, name="refuse-line"),
    path("subsidie/<slug:ref>/intrekken/", taking_back.withdraw_claim, name="withdraw-claim"),
    path("betaalbestand/<slug:ref>/intrekken/", taking_back.withdraw_file, name="withdraw-file"),
]
